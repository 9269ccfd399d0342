/** 中文：`en-viewer.js`。 */

/** @type {import('./t.js').Table} */
export const viewer = {
  'viewer.name': '图像及 {model} 的分割结果',
  'viewer.name.bare': '图像',
  'viewer.fetching': '正在获取图像',
  'viewer.share': '{title}：{percent}',
  'error.viewer.fetch': '无法获取图像。地址可能有误，或者服务器不向此页面提供该图像。',
  'error.viewer.threshold': '阈值必须是 0 到 1 之间的数。',
};
