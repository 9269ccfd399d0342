/** Words for images that are in several files, in Chinese; see `zh.js`. */

import { viewer } from './zh-viewer.js';

/** @type {import('./t.js').Table} */
export const series = {
  ...viewer,
  'empty.pickFolder': '选择文件夹',
  'files.addFolder': '添加文件夹',
  'folder.choose.title':
    '文件夹中的所有图像，例如一次扫描的各个层面。浏览器可能将此称为“上传”：文件只交给本页面，并留在这台计算机上。',
  'drop.emptyFolder': '该文件夹中没有文件。',

  'files.reading': '正在读取 {done} / {total}',
  'notice.list.info': '关于这些文件',

  'series.unnamed': '序列',
  'series.progress': '已检查的文件',
  'series.looking': { other: '正在检查 {count} 个文件…' },
  'series.stopped': '已停止。这些文件均未打开。',
  'series.slices': { other: '{count} 层' },
  'series.told': '{files} 个文件为{what}',
  'series.told.series': { other: '{count} 个序列' },
  'series.told.alone': { other: '{count} 幅单独图像' },
  'series.told.and': '和',
  'series.told.left': { other: '；{count} 个文件不是图像：{names}' },
  'series.told.nothing': { other: '这 {count} 个文件都不是图像。' },
  'series.large': '{size} 超出了浏览器标签页能可靠容纳的大小。',
  'series.thinned': '{name}，每 {every} 层取 1 层',
  'series.every': '每 {every} 层打开 1 层',
  'series.every.two': '每隔一层打开',
  'series.every.title': '此时层间距变大；测量时会计入这一点',
  'series.all': '尝试全部打开',
  'series.all.title': '可能超出容量：届时引擎会重新启动，已打开的内容不会丢失',
};
